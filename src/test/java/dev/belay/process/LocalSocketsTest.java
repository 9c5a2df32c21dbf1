package dev.belay.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose a connection is: the port alone does not say, for another address may use the same. */
class LocalSocketsTest {
  @Test
  void aConnectionIsTheProcessesByBothItsEnds() throws IOException {
    Set<ProcessHandle> own = Set.of(ProcessHandle.current());
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket server = new ServerSocket(0, 1, here);
        Socket client = new Socket(here, server.getLocalPort())) {
      String address = client.getLocalAddress().getHostAddress();
      int port = client.getLocalPort();
      int to = server.getLocalPort();
      assertThat(LocalSockets.belongsTo(address, port, to, own)).isTrue();
      assertThat(LocalSockets.belongsTo(address, port, to + 1, own)).isFalse();
      assertThat(LocalSockets.belongsTo("10.1.2.3", port, to, own)).isFalse();
      assertThat(LocalSockets.belongsTo("local", port, to, own)).isFalse();
      assertThat(LocalSockets.belongsTo(address, port, to, Set.of())).isFalse();
    }
  }
}
