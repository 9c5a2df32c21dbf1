package dev.belay.notify;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server that can do TLS, from the first byte or by STARTTLS, and notes what it hears. */
final class StartTlsServer implements AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final ServerSocket server;
  private final SSLContext tls;
  private final boolean fromTheFirstByte;
  private final List<String> plain = new CopyOnWriteArrayList<>();
  private final List<String> encrypted = new CopyOnWriteArrayList<>();
  private final Thread thread;

  StartTlsServer(Path store, boolean fromTheFirstByte)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, PASSWORD);
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    this.tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    this.fromTheFirstByte = fromTheFirstByte;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.thread = new Thread(this::serve, "smtp");
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  String plain() {
    return String.join("\n", plain);
  }

  String encrypted() {
    return String.join("\n", encrypted);
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        if (fromTheFirstByte) {
          try (SSLSocket secured = secured(socket)) {
            talk(secured, true, encrypted);
          }
        } else {
          talk(socket, true, plain);
        }
      } catch (IOException goneOrClosed) {
        // The next one, if there is any.
      }
    }
  }

  private SSLSocket secured(Socket socket) throws IOException {
    SSLSocket secured =
        (SSLSocket)
            tls.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
    secured.setUseClientMode(false);
    secured.startHandshake();
    return secured;
  }

  private void talk(Socket socket, boolean greets, List<String> heard) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
    OutputStream out = socket.getOutputStream();
    if (greets) {
      say(out, "220 localhost");
    }
    boolean data = false;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      heard.add(line);
      if (data) {
        if (line.equals(".")) {
          data = false;
          say(out, "250 taken");
        }
      } else if (line.startsWith("EHLO")) {
        say(
            out,
            "250-localhost\r\n250-AUTH PLAIN"
                + (heard == plain ? "\r\n250 STARTTLS" : "\r\n250 OK"));
      } else if (line.equals("STARTTLS")) {
        say(out, "220 begin");
        try (SSLSocket secured = secured(socket)) {
          talk(secured, false, encrypted);
        }
        return;
      } else if (line.equals("DATA")) {
        data = true;
        say(out, "354 go on");
      } else if (line.equals("QUIT")) {
        say(out, "221 bye");
        return;
      } else {
        say(out, line.startsWith("AUTH") ? "235 welcome" : "250 fine");
      }
    }
  }

  private static void say(OutputStream out, String line) throws IOException {
    out.write((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    server.close();
    thread.join();
  }
}
