package dev.belay.archive;

import dev.belay.core.Failure;
import java.nio.file.Path;

/** Tries to delete a backup, for a test that runs it in another process. */
public final class BackupUseDeleter {
  private BackupUseDeleter() {}

  public static void main(String[] arguments) {
    BackupStore store = new BackupStore(Path.of(arguments[0]));
    try {
      store.delete(store.find(arguments[1]));
      System.out.println("DELETED");
    } catch (Failure refused) {
      System.out.println(refused.exitCode());
    }
  }
}
