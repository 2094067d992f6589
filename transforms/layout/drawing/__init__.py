"""What every block is drawn with: the figures at hand, a page being filled, the look of a figure and its change."""
