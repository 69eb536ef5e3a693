namespace PassAtK.Cli;

/// <summary>A device was demanded that this machine or this version does not offer; exit code 3.</summary>
internal sealed class NoDeviceException(string message) : Exception(message);
