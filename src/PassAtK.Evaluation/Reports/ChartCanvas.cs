using System.Globalization;
using System.Text;

namespace PassAtK.Evaluation.Reports;

/// <summary>
/// A grid of character cells that lines are drawn on: each cell is 2 by 4 braille dots, or one dot where only ASCII may be used. Dots
/// of several lines add up in a cell; a marker covers them. A cell has the colour of what came last.
/// </summary>
internal sealed class ChartCanvas(int columns, int rows, bool ascii)
{
    // Unicode numbers the dots of a cell down the left column, down the right one, and the bottom row last.
    private static readonly int[,] DotBits = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
    private readonly char[,] _cells = new char[rows, columns];
    private readonly int[,] _colours = new int[rows, columns];

    public int DotColumns => ascii ? columns : 2 * columns;

    public int DotRows => ascii ? rows : 4 * rows;

    public void Dot(int x, int y, char asciiMark, int? colour)
    {
        var (column, row) = ascii ? (x, y) : (x / 2, y / 4);
        if (ascii)
            _cells[row, column] = asciiMark;
        else if (_cells[row, column] is '\0' or (>= '\u2800' and <= '\u28FF'))
            _cells[row, column] = (char)(0x2800 | _cells[row, column] | DotBits[y % 4, x % 2]);
        else
            return;
        _colours[row, column] = colour ?? 0;
    }

    public void Marker(int x, int y, char mark, int? colour)
    {
        var (column, row) = ascii ? (x, y) : (x / 2, y / 4);
        _cells[row, column] = mark;
        _colours[row, column] = colour ?? 0;
    }

    /// <summary>One row of cells without trailing space.</summary>
    public void AppendRow(StringBuilder text, int row)
    {
        var last = columns - 1;
        while (last >= 0 && _cells[row, last] == '\0')
            last--;
        var current = 0;
        for (var column = 0; column <= last; column++)
        {
            var cell = _cells[row, column] == '\0' ? ' ' : _cells[row, column];
            var colour = cell == ' ' ? current : _colours[row, column];
            if (colour != current)
                text.Append(Escape(current = colour));
            text.Append(cell);
        }
        if (current != 0)
            text.Append(Escape(0));
    }

    /// <summary>The code that switches to a colour, 0 back to none.</summary>
    public static string Escape(int colour) => string.Create(CultureInfo.InvariantCulture, $"\u001b[{colour}m");
}
