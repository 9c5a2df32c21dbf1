package dev.belay.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.core.Target;
import dev.belay.core.Tls;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import org.junit.jupiter.api.Test;

class KeptSocketsTest {
  @Test
  void aServerThatIsGoneIsMissedWithinMinutes() throws IOException {
    try (Socket socket = new KeptSockets().createSocket()) {
      assertThat(socket.getKeepAlive()).isTrue();
      int seconds =
          socket.getOption(ExtendedSocketOptions.TCP_KEEPIDLE)
              + socket.getOption(ExtendedSocketOptions.TCP_KEEPINTERVAL)
                  * socket.getOption(ExtendedSocketOptions.TCP_KEEPCOUNT);
      assertThat(seconds).isBetween(30, 300);
    }
  }

  @Test
  void theDriverIsToldToUseThem() {
    Target target = new Target("db1", 5432, "orders", "app", Optional.empty(), Tls.PREFER, 10);
    assertThat(JdbcDatabases.properties(target, "belay").getProperty("socketFactory"))
        .isEqualTo(KeptSockets.class.getName());
  }
}
