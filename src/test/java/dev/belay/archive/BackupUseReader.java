package dev.belay.archive;

import java.nio.file.Path;

/** Uses and checks a backup where nothing can be written, for a test of another process. */
public final class BackupUseReader {
  private BackupUseReader() {}

  public static void main(String[] arguments) {
    StoredBackup backup = StoredBackup.read(Path.of(arguments[0]));
    try (BackupUse use = backup.use()) {
      System.out.println(FileCheck.problems(backup, bytes -> {}));
    }
  }
}
