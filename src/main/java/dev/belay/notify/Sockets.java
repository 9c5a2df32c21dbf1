package dev.belay.notify;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/**
 * The sockets of one conversation, so that it can be ended from outside, whatever its thread waits
 * for.
 */
final class Sockets implements Closeable {
  private final SSLSocketFactory tls;
  private final List<Socket> open = new ArrayList<>();
  private boolean closed;

  /**
   * @param rootCert the certificates to trust in place of Java's
   * @throws Undelivered when they cannot be read
   */
  Sockets(Optional<Path> rootCert) {
    this.tls =
        rootCert
            .map(file -> Trust.context(file).getSocketFactory())
            .orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
  }

  private synchronized <S extends Socket> S kept(S socket) throws IOException {
    if (closed) {
      socket.close();
      throw new IOException("closed");
    }
    open.add(socket);
    return socket;
  }

  @Override
  public synchronized void close() {
    closed = true;
    for (Socket socket : open) {
      try {
        socket.close();
      } catch (IOException gone) {
        // It is closed, which is all that is wanted.
      }
    }
    open.clear();
  }

  SocketFactory plain() {
    return new Plain();
  }

  SSLSocketFactory encrypted() {
    return new Encrypted();
  }

  private final class Plain extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
      return kept(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return kept(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return kept(new Socket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return kept(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return kept(new Socket(host, port, local, localPort));
    }
  }

  private final class Encrypted extends SSLSocketFactory {
    @Override
    public String[] getDefaultCipherSuites() {
      return tls.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return tls.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
      return kept(tls.createSocket());
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean closesIt)
        throws IOException {
      return kept(tls.createSocket(below, host, port, closesIt));
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return kept(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      return kept(tls.createSocket(host, port, local, localPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return kept(tls.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      return kept(tls.createSocket(host, port, local, localPort));
    }
  }
}
