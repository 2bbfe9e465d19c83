/** Most pixels a browser draws at once, on a side and in all. */
const mostOnASide = 16_384
const mostInAll = 120_000_000

/** An SVG as PNG, two pixels for one of the screen; fewer where that would be more than a browser draws. */
export async function svgAsPng(svg: string): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  try {
    const image = new Image()
    image.src = url
    await image.decode()
    const { naturalWidth: width, naturalHeight: height } = image
    const scale = Math.min(2, mostOnASide / width, mostOnASide / height, Math.sqrt(mostInAll / (width * height)))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(width * scale))
    canvas.height = Math.max(1, Math.round(height * scale))
    const context = canvas.getContext('2d')
    if (!context) throw new Error('no canvas to draw on')
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob(blob => (blob ? resolve(blob) : reject(new Error('the picture is too large for this browser')))),
    )
  } finally {
    URL.revokeObjectURL(url)
  }
}
