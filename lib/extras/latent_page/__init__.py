"""A page that explores a latent space: a point in a plane is dragged, and the image of its z is decoded in the browser.

| file | content |
|---|---|
| `description.py` | a decoder as plain data |
| `plane.py` | the plane of two latent dimensions, or of two principal components |
| `page.py` | all that the page shows, put into one HTML file |
| `page.html`, `page.css` | what it looks like |
| `decoder.js`, `page.js` | how it decodes, and how it answers the mouse, fingers and keys |
"""
