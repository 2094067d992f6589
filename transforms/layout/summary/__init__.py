"""What «Сводка» opens with: its main points, its figures, how fresh the sources are."""
