"""Charts painted in the theme: columns, lines with a band, maps of cells. Every mark can be hovered, reached by key and read in words."""
