package dev.belay.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.belay.report.Report;
import dev.belay.report.ToPaste;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever is to be pasted is where the rewording of an answer looks, and can be put there. */
class ToPasteTest {
  private static final Set<Type> LOOKED_INTO = Set.of(List.class, Map.class, Optional.class);

  private final List<String> wrong = new ArrayList<>();
  private final Set<Class<?>> seen = new HashSet<>();
  private int toPaste;

  @Test
  void everyAnswerCanBeReworded() {
    for (JavaClass each :
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.belay")) {
      if (each.isAssignableTo(Report.class) && each.isRecord()) {
        record(each.reflect());
      }
    }

    assertThat(toPaste).isGreaterThan(20);
    assertThat(wrong).isEmpty();
  }

  private void record(Class<?> type) {
    if (!seen.add(type)) {
      return;
    }
    for (RecordComponent component : type.getRecordComponents()) {
      String name = type.getSimpleName() + "." + component.getName();
      if (component.isAnnotationPresent(ToPaste.class)) {
        toPaste++;
        said(name, component.getGenericType());
      } else {
        held(name, component.getGenericType());
      }
    }
  }

  /** What is to be pasted: texts, in what is looked into. */
  private void said(String name, Type type) {
    if (type instanceof ParameterizedType some && LOOKED_INTO.contains(some.getRawType())) {
      said(name, last(some));
    } else if (!type.equals(String.class)) {
      wrong.add(name + " is to be pasted, and is a " + type);
    }
  }

  /** What may hold something to paste. */
  private void held(String name, Type type) {
    if (type instanceof ParameterizedType some) {
      Type inner = last(some);
      if (!LOOKED_INTO.contains(some.getRawType()) && holds(inner)) {
        wrong.add(name + " holds something to paste, and is a " + type);
      }
      held(name, inner);
    } else if (type instanceof Class<?> one && one.isRecord()) {
      record(one);
    } else if (type instanceof Class<?> one && one.isArray() && holds(one.getComponentType())) {
      wrong.add(name + " holds something to paste, and is an array");
    }
  }

  private static boolean holds(Type type) {
    if (type instanceof ParameterizedType some) {
      return holds(last(some));
    }
    if (type instanceof Class<?> one && one.isRecord()) {
      for (RecordComponent component : one.getRecordComponents()) {
        if (component.isAnnotationPresent(ToPaste.class) || holds(component.getGenericType())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Of a map the value; of the others the only one. */
  private static Type last(ParameterizedType type) {
    Type[] all = type.getActualTypeArguments();
    return all[all.length - 1];
  }
}
