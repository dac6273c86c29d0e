// What the pages do beyond the theme. Everything can be read without it.
