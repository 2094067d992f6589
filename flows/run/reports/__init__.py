"""The figures of a run → reports: for whom, written where, kept, sent in the morning."""
