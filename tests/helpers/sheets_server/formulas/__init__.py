"""Formulas: references found and moved, and enough evaluation for what owners write beside a report."""
