"""What screens share: map, card, charts, grid, territory picker, saved views, exports."""
