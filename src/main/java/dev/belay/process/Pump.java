package dev.belay.process;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The thread that reads or feeds a child. When it cannot go on, the child is ended, since nobody
 * reads or feeds it any more.
 */
final class Pump {
  @FunctionalInterface
  private interface Flow {
    void run() throws IOException;
  }

  private final Thread thread;
  private volatile @Nullable Throwable broken;

  private Pump(Process process, Flow flow) {
    thread =
        new Thread(
            () -> {
              try {
                flow.run();
              } catch (Throwable failed) {
                broken = failed;
                process.destroyForcibly();
              }
            },
            "pump");
    thread.setDaemon(true);
    thread.start();
  }

  /** Hands the child's output to the reader. */
  static Pump reading(Process process, ProcessRunner.Reader reader) {
    return new Pump(
        process,
        () -> {
          try (InputStream output = process.getInputStream()) {
            reader.read(output);
          }
        });
  }

  /**
   * Feeds the child from the writer. That the child reads no more is no failure of the writer: its
   * exit status says whether that was right.
   */
  static Pump writing(Process process, ProcessRunner.Writer writer) {
    Pipe pipe = new Pipe(process.getOutputStream());
    return new Pump(
        process,
        () -> {
          try (pipe) {
            writer.write(pipe);
          } catch (IOException failed) {
            if (!pipe.childIsGone) {
              throw failed;
            }
          }
        });
  }

  /** Waits so long; true when it is done. */
  boolean await(long millis) throws InterruptedException {
    thread.join(millis);
    return !thread.isAlive();
  }

  /** Why it could not go on, or null. */
  @Nullable Throwable broken() {
    return broken;
  }

  /** Knows whether an error came from the pipe or from whoever fills it. */
  private static final class Pipe extends FilterOutputStream {
    private boolean childIsGone;

    Pipe(OutputStream pipe) {
      super(pipe);
    }

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException gone) {
        childIsGone = true;
        throw gone;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException gone) {
        childIsGone = true;
        throw gone;
      }
    }
  }
}
