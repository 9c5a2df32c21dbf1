package dev.belay.postgres;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import javax.net.SocketFactory;
import jdk.net.ExtendedSocketOptions;

/**
 * Sockets whose other end is asked every minute whether it is still there, where the system can do
 * that. A query may take hours, so there is no time limit on an answer; and the system's own two
 * hours are too long for whoever waits for a server that has lost its power. The driver makes it by
 * its name.
 */
public final class KeptSockets extends SocketFactory {
  private static final int SILENT_SECONDS = 60;
  private static final int BETWEEN_SECONDS = 10;
  private static final int ATTEMPTS = 6;

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new Socket();
    try {
      socket.setKeepAlive(true);
      set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, SILENT_SECONDS);
      set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, BETWEEN_SECONDS);
      set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, ATTEMPTS);
      return socket;
    } catch (IOException cannot) {
      socket.close();
      throw cannot;
    }
  }

  private static void set(Socket socket, SocketOption<Integer> option, int value)
      throws IOException {
    if (socket.supportedOptions().contains(option)) {
      socket.setOption(option, value);
    }
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw unconnected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort) {
    throw unconnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw unconnected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
    throw unconnected();
  }

  private static UnsupportedOperationException unconnected() {
    return new UnsupportedOperationException("the driver connects its sockets by itself");
  }
}
