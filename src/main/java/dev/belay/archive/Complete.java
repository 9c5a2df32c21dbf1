package dev.belay.archive;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is missing in a record that was read from a file: a parser leaves null where a
 * field is not there, and whoever uses the record later would stumble over it.
 */
final class Complete {
  private Complete() {}

  /**
   * Looks at a record and all that is in it.
   *
   * @param where what it is called in the message
   * @throws IOException naming the first field that is null and may not be
   */
  static void check(@Nullable Object value, String where) throws IOException {
    if (value == null) {
      throw new IOException(where + " is missing");
    }
    if (value instanceof Record) {
      for (RecordComponent component : value.getClass().getRecordComponents()) {
        component(value, component, where);
      }
    } else if (value instanceof Collection<?> list) {
      for (Object each : list) {
        check(each, where);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Object each : map.values()) {
        check(each, where);
      }
    } else if (value instanceof Optional<?> optional && optional.isPresent()) {
      check(optional.get(), where);
    }
  }

  private static void component(Object owner, RecordComponent component, String where)
      throws IOException {
    if (component.getType().isPrimitive()) {
      return;
    }
    Object value = value(owner, component);
    if (value == null && component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      return;
    }
    check(value, where + ": " + component.getName());
  }

  private static @Nullable Object value(Object owner, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      // A record may be of another room and not public there.
      accessor.setAccessible(true);
      return accessor.invoke(owner);
    } catch (ReflectiveOperationException never) {
      throw new IllegalStateException(never);
    }
  }
}
