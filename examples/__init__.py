"""Example clients and the generators that write them."""
