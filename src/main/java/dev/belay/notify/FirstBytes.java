package dev.belay.notify;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of an answer, as text, without waiting for the others: nothing of a success, and
 * of anything else what comes within a moment.
 */
final class FirstBytes implements BodySubscriber<String> {
  private static final long PATIENCE_MILLIS = 300;

  private final boolean needed;
  private final int most;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<String> text = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  FirstBytes(int status, int most) {
    this.needed = status < 200 || status >= 300;
    this.most = most;
  }

  @Override
  public CompletionStage<String> getBody() {
    return text;
  }

  @Override
  public synchronized void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (needed) {
      CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS).execute(this::end);
      given.request(Long.MAX_VALUE);
    } else {
      end();
    }
  }

  @Override
  public synchronized void onNext(List<ByteBuffer> parts) {
    for (ByteBuffer part : parts) {
      byte[] chunk = new byte[Math.min(part.remaining(), most - bytes.size())];
      part.get(chunk);
      bytes.writeBytes(chunk);
    }
    if (bytes.size() >= most) {
      end();
    }
  }

  @Override
  public synchronized void onError(Throwable broken) {
    end();
  }

  @Override
  public synchronized void onComplete() {
    end();
  }

  /** With the bytes that are there: the first line already said what is to be known. */
  private synchronized void end() {
    if (text.complete(bytes.toString(StandardCharsets.UTF_8)) && subscription != null) {
      subscription.cancel();
    }
  }
}
