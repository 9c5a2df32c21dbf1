package dev.belay.support;

import dev.belay.core.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A TCP proxy on a free loopback port that can be made to misbehave at any moment: pass, stall,
 * reset or throttle. What it does counts for the bytes that the server sends, over all connections;
 * closing it ends every connection and thread.
 */
public final class Proxy implements AutoCloseable {
  private static final int CHUNK = 16 * 1024;

  private final InetSocketAddress server;
  private final ServerSocket listener;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicLong forwarded = new AtomicLong();
  private final CountDownLatch struck = new CountDownLatch(1);
  private final Object change = new Object();
  private volatile long stallAfter = Long.MAX_VALUE;
  private volatile long resetAfter = Long.MAX_VALUE;
  private volatile long bytesPerSecond = Long.MAX_VALUE;
  private volatile boolean refusing;
  private volatile boolean answersHeld;
  private volatile boolean closed;

  private Proxy(String host, int port) {
    try {
      server = new InetSocketAddress(host, port);
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException cannot) {
      throw new UncheckedIOException(cannot);
    }
    daemon(this::accept, "proxy");
  }

  /** A proxy that passes everything to that server. */
  public static Proxy to(String host, int port) {
    return new Proxy(host, port);
  }

  /** A proxy in front of that target's server; see {@link #through}. */
  public static Proxy before(Target target) {
    return new Proxy(target.host(), target.port());
  }

  /** The port to connect to, on 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  /** The same target, reached through this proxy. */
  public Target through(Target target) {
    return new Target(
        "127.0.0.1",
        port(),
        target.database(),
        target.user(),
        target.password(),
        target.tls(),
        target.connectTimeoutSeconds());
  }

  /** Stops passing anything, in both directions, when the server has sent so many bytes in all. */
  public Proxy stallAfter(long bytes) {
    stallAfter = bytes;
    return this;
  }

  /** Stops passing anything from now on. */
  public Proxy stall() {
    return stallAfter(0);
  }

  /** Resets every connection (RST, not FIN) when the server has sent so many bytes in all. */
  public Proxy resetAfter(long bytes) {
    resetAfter = bytes;
    return this;
  }

  /** Passes the server's bytes at most this fast, per connection. */
  public Proxy throttle(long bytesEachSecond) {
    bytesPerSecond = bytesEachSecond;
    return this;
  }

  /** Resets every connection there is, now; new ones are passed. */
  public void resetNow() {
    sockets.forEach(Proxy::reset);
  }

  /** What the server says is held back from now on; what it is asked still reaches it. */
  public void holdAnswers() {
    answersHeld = true;
  }

  /** Resets every connection there is, so that the answers that were held back are lost. */
  public void loseAnswers() {
    resetNow();
    pass();
  }

  /** From now on new connections are reset at once, or passed again. */
  public Proxy refuse(boolean refuse) {
    refusing = refuse;
    return this;
  }

  /** Passes everything again, what was held back too. */
  public void pass() {
    synchronized (change) {
      stallAfter = Long.MAX_VALUE;
      resetAfter = Long.MAX_VALUE;
      bytesPerSecond = Long.MAX_VALUE;
      refusing = false;
      answersHeld = false;
      change.notifyAll();
    }
  }

  /** How many bytes the server has sent through here. */
  public long forwarded() {
    return forwarded.get();
  }

  /** Waits until the proxy has stalled or reset something; fails after a minute and a half. */
  public void awaitStrike() throws InterruptedException {
    if (!struck.await(90, TimeUnit.SECONDS)) {
      throw new AssertionError("the proxy had no occasion to misbehave; it passed " + forwarded);
    }
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        if (refusing || !join(client)) {
          end(client);
        }
      } catch (IOException ended) {
        // The listener was closed, and the loop ends.
      }
    }
  }

  private boolean join(Socket client) {
    Socket upstream = new Socket();
    sockets.add(upstream);
    try {
      upstream.connect(server, 10_000);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
    } catch (IOException serverIsDown) {
      end(upstream);
      return false;
    }
    daemon(() -> pump(client, upstream, false), "proxy-to-server");
    daemon(() -> pump(upstream, client, true), "proxy-to-client");
    return true;
  }

  private void pump(Socket from, Socket to, boolean fromServer) {
    byte[] chunk = new byte[CHUNK];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        forward(chunk, read, out, fromServer);
      }
    } catch (IOException ended) {
      // One side is gone; closing both tells the other.
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  private void forward(byte[] chunk, int length, OutputStream out, boolean fromServer)
      throws IOException {
    int at = 0;
    while (at < length) {
      if (fromServer && answersHeld) {
        await(() -> answersHeld);
        continue;
      }
      long limit = Math.min(stallAfter, resetAfter) - forwarded.get();
      if (limit <= 0) {
        strike();
        continue;
      }
      long slice = bytesPerSecond == Long.MAX_VALUE ? CHUNK : Math.max(1, bytesPerSecond / 20);
      int now = (int) Math.min(length - at, slice);
      now = fromServer ? (int) Math.min(now, limit) : now;
      if (fromServer && bytesPerSecond != Long.MAX_VALUE) {
        LockSupport.parkNanos(now * 1_000_000_000L / bytesPerSecond);
      }
      out.write(chunk, at, now);
      at += now;
      if (fromServer) {
        forwarded.addAndGet(now);
      }
    }
  }

  private void strike() throws IOException {
    struck.countDown();
    if (resetAfter <= forwarded.get()) {
      resetNow();
      throw new IOException("reset");
    }
    await(() -> stallAfter <= forwarded.get() && resetAfter > forwarded.get());
  }

  private void await(BooleanSupplier held) throws IOException {
    synchronized (change) {
      while (!closed && held.getAsBoolean()) {
        try {
          change.wait();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", interrupted);
        }
      }
    }
    if (closed) {
      throw new IOException("closed");
    }
  }

  /** Zero linger makes close send RST. */
  private static void reset(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException gone) {
      // It is closed already.
    }
  }

  private void end(Socket socket) {
    reset(socket);
    sockets.remove(socket);
  }

  private static void daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    closed = true;
    synchronized (change) {
      change.notifyAll();
    }
    try {
      listener.close();
    } catch (IOException gone) {
      // Nothing listens any more, which was wanted.
    }
    resetNow();
  }
}
