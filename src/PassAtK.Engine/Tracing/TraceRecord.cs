namespace PassAtK.Engine.Tracing;

/// <summary>A span or a counter's value, as it lies in a track's ring.</summary>
/// <param name="Begin">In ticks of <see cref="System.Diagnostics.Stopwatch"/>.</param>
/// <param name="Value">Ticks of a span; the value of a counter.</param>
/// <param name="Detail">A span's number (<see cref="TraceNames.Detail"/>), -1 for none.</param>
/// <param name="Name">A <see cref="SpanName"/> or a <see cref="CounterName"/>.</param>
/// <param name="IsCounter">Which of the two.</param>
internal readonly record struct TraceRecord(long Begin, long Value, int Detail, byte Name, bool IsCounter);
