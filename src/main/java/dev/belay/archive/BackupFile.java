package dev.belay.archive;

/**
 * A file of a backup.
 *
 * @param path below the backup's folder, with slashes
 * @param bytes its size
 * @param sha256 64 hexadecimal digits in lower case
 */
public record BackupFile(String path, long bytes, String sha256) {}
