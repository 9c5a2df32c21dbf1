package dev.belay.notify;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A server that says one character every few milliseconds, and never comes to an end. */
final class Dripping implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> open = new ArrayList<>();
  private final Thread thread;

  Dripping(String text) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    thread = new Thread(() -> serve(text.getBytes(StandardCharsets.UTF_8)), "dripping");
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  private void serve(byte[] text) {
    try {
      while (true) {
        Socket socket = server.accept();
        synchronized (open) {
          open.add(socket);
        }
        drip(socket, text);
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private void drip(Socket socket, byte[] text) {
    try (socket) {
      OutputStream out = socket.getOutputStream();
      for (byte each : text) {
        out.write(each);
        out.flush();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        if (server.isClosed()) {
          return;
        }
      }
    } catch (IOException gone) {
      // The other side had enough.
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    server.close();
    synchronized (open) {
      for (Socket socket : open) {
        socket.close();
      }
    }
    thread.join();
  }
}
