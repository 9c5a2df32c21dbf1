package dev.belay.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  /** Before an address of IPv4 that is used through a socket of IPv6. */
  private static final String MAPPED = "0000000000000000FFFF0000";

  private LocalSockets() {}

  /**
   * Whether one of those processes has a connection from that address and port of this machine.
   *
   * @param address as a number
   * @param server the port that it is a connection to
   */
  static boolean belongsTo(String address, int port, int server, Set<ProcessHandle> processes) {
    String shown = shown(address);
    Set<String> inodes = shown.isEmpty() ? Set.of() : inodes(shown, port, server);
    return !inodes.isEmpty()
        && processes.stream().anyMatch(process -> holds(process.pid(), inodes));
  }

  /** As the tables show it: words of four bytes, in this machine's order; empty: it is none. */
  private static String shown(String address) {
    if (!address.matches("[0-9a-fA-F:.]*[:.][0-9a-fA-F:.]*")) {
      return "";
    }
    try {
      ByteBuffer bytes = ByteBuffer.wrap(InetAddress.getAllByName(address)[0].getAddress());
      bytes.order(ByteOrder.nativeOrder());
      StringBuilder words = new StringBuilder();
      while (bytes.hasRemaining()) {
        words.append("%08X".formatted(bytes.getInt()));
      }
      return words.toString();
    } catch (UnknownHostException none) {
      return "";
    }
  }

  private static Set<String> inodes(String address, int port, int server) {
    String local = address + ":%04X".formatted(port);
    String remote = ":%04X".formatted(server);
    Set<String> found = new HashSet<>();
    for (Path table : TABLES) {
      try {
        for (String line : Files.readAllLines(table)) {
          String[] fields = line.strip().split("\\s+", -1);
          if (fields.length > INODE
              && (fields[LOCAL].equals(local) || fields[LOCAL].equals(MAPPED + local))
              && fields[REMOTE].endsWith(remote)) {
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
