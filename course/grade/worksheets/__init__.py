"""The sheets of learning platforms, into copies of which points are written: all else stays as the platform wrote it.

    moodle.Worksheet(file).fill(results, tasks)            points and comments
    canvas.Gradebook(file, column).fill(results, tasks)    points
"""
