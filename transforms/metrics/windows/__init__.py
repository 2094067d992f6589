"""The spines of days and periods once more, with windows of days among the periods, each under a grain of its own."""
