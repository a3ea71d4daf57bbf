"""What single headings and cells of price lists mean, each by itself."""
