package dev.belay.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which connections of this machine belong to which of its processes, as Linux shows it. */
final class LocalSockets {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int INODE = 9;

  private LocalSockets() {}

  /** Whether one of those processes has a connection from that local port. */
  static boolean belongsTo(int port, Set<ProcessHandle> processes) {
    Set<String> inodes = inodes(port);
    return !inodes.isEmpty()
        && processes.stream().anyMatch(process -> holds(process.pid(), inodes));
  }

  private static Set<String> inodes(int port) {
    String ending = ":%04X".formatted(port);
    Set<String> found = new HashSet<>();
    for (Path table : TABLES) {
      try {
        for (String line : Files.readAllLines(table)) {
          String[] fields = line.strip().split("\\s+", -1);
          if (fields.length > INODE && fields[LOCAL].endsWith(ending)) {
            found.add("socket:[" + fields[INODE] + "]");
          }
        }
      } catch (IOException notLinux) {
        // Then nothing is known, and nothing is taken for known.
      }
    }
    return found;
  }

  private static boolean holds(long pid, Set<String> sockets) {
    Path folder = Path.of("/proc/" + pid + "/fd");
    try (DirectoryStream<Path> open = Files.newDirectoryStream(folder)) {
      for (Path each : open) {
        if (sockets.contains(target(each))) {
          return true;
        }
      }
    } catch (IOException gone) {
      return false;
    }
    return false;
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
