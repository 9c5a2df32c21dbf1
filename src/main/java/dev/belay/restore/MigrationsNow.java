package dev.belay.restore;

import java.util.List;
import java.util.Optional;

/** The migrations of the live database. */
interface MigrationsNow {
  /**
   * Those of one app.
   *
   * @param inForce scripts that are applied and not undone, in the order in which they were applied
   * @param onDisk scripts that Flyway would find; empty when the folders are not known here
   * @param running who migrates now; empty: nobody
   */
  record App(
      String name, List<String> inForce, Optional<List<String>> onDisk, Optional<String> running) {
    public App {
      inForce = List.copyOf(inForce);
      onDisk = onDisk.map(List::copyOf);
    }
  }

  /** Reads them; without a live database there are none in force. */
  List<App> read();
}
