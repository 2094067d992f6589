"""What a run is given beside its sources: the request, dictionaries, rates and corrections, from disk or Google."""
