package dev.belay.process;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/**
 * Signals that would end this program are told to somebody instead, until this is closed. A JVM
 * that has no such thing, or was started with {@code -Xrs}, ends by them as ever.
 */
final class Signals implements AutoCloseable {
  private static final List<String> NAMES = List.of("INT", "TERM", "HUP");

  private final Deque<Runnable> back = new ArrayDeque<>();

  /**
   * Begins.
   *
   * @param told the name of each signal, such as {@code INT}, in a thread of the JVM
   */
  void divert(Consumer<String> told) {
    for (String name : NAMES) {
      try {
        divert(name, told);
      } catch (ReflectiveOperationException | RuntimeException notHere) {
        // It ends the program as ever: the child is then ended by the clean-up.
      }
    }
  }

  /** By reflection, since the compiler warns of what only most JVMs have. */
  private void divert(String name, Consumer<String> told) throws ReflectiveOperationException {
    Class<?> signalClass = Class.forName("sun.misc.Signal");
    Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
    Object signal = signalClass.getConstructor(String.class).newInstance(name);
    Object handler =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handlerClass},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "handle" -> {
                    told.accept(name);
                    yield null;
                  }
                  case "equals" -> proxy == arguments[0];
                  case "hashCode" -> System.identityHashCode(proxy);
                  default -> "diverted " + name;
                });
    Object before =
        signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
    Object ignored = handlerClass.getField("SIG_IGN").get(null);
    Object first = before == null ? handlerClass.getField("SIG_DFL").get(null) : before;
    back.push(() -> handle(signalClass, handlerClass, signal, first));
    if (ignored.equals(before)) {
      // Whoever started this with nohup does not want it to end by that.
      back.pop().run();
    }
  }

  private static void handle(
      Class<?> signalClass, Class<?> handlerClass, Object signal, Object handler) {
    try {
      signalClass.getMethod("handle", signalClass, handlerClass).invoke(null, signal, handler);
    } catch (InvocationTargetException | NoSuchMethodException | IllegalAccessException cannot) {
      throw new IllegalStateException(cannot);
    }
  }

  /** From now on they end the program again. */
  @Override
  public void close() {
    while (!back.isEmpty()) {
      back.pop().run();
    }
  }
}
