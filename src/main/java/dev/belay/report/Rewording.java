package dev.belay.report;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The same answer with other words in what is {@link ToPaste}. Looks into records, lists, maps and
 * {@link Optional}s; whatever holds nothing that changes stays the same object.
 */
public final class Rewording {
  private static final String OWN = "dev.belay.";

  private final UnaryOperator<String> words;

  private Rewording(UnaryOperator<String> words) {
    this.words = words;
  }

  /** Of an answer. */
  public static Report of(Report report, UnaryOperator<String> words) {
    return (Report) new Rewording(words).looked(report);
  }

  /** What may hold something to paste. */
  private Object looked(Object value) {
    if (value instanceof Record composed && value.getClass().getName().startsWith(OWN)) {
      return record(composed);
    }
    return inside(value, this::looked);
  }

  /** What is to be pasted, or holds nothing else. */
  private Object said(Object value) {
    return value instanceof String text ? words.apply(text) : inside(value, this::said);
  }

  private static Object inside(Object value, UnaryOperator<Object> each) {
    if (value instanceof List<?> list) {
      List<Object> all = new ArrayList<>();
      list.forEach(one -> all.add(other(one, each)));
      return all.equals(list) ? value : all;
    }
    if (value instanceof Map<?, ?> map) {
      Map<Object, Object> all = new LinkedHashMap<>();
      map.forEach((key, one) -> all.put(key, other(one, each)));
      return all.equals(map) ? value : all;
    }
    if (value instanceof Optional<?> optional) {
      return optional.map(each);
    }
    return value;
  }

  private static @Nullable Object other(@Nullable Object value, UnaryOperator<Object> each) {
    return value == null ? null : each.apply(value);
  }

  private Object record(Record old) {
    RecordComponent[] components = old.getClass().getRecordComponents();
    @Nullable Object[] values = new @Nullable Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    boolean same = true;
    for (int at = 0; at < components.length; at++) {
      types[at] = components[at].getType();
      Object value = value(old, components[at]);
      values[at] =
          components[at].isAnnotationPresent(ToPaste.class)
              ? other(value, this::said)
              : other(value, this::looked);
      same &= values[at] == value || (value != null && value.equals(values[at]));
    }
    return same ? old : made(old.getClass(), types, values);
  }

  private static @Nullable Object value(Record old, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(old);
    } catch (IllegalAccessException | InvocationTargetException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static Object made(Class<?> type, Class<?>[] types, @Nullable Object[] values) {
    try {
      Constructor<?> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    } catch (ReflectiveOperationException broken) {
      throw new IllegalStateException(broken);
    }
  }
}
