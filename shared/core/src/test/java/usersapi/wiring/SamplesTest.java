package usersapi.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.lambda.Sample;
import usersapi.table.Attribute;
import usersapi.table.UsersTable;

/** The samples that this module gathers for priming. */
class SamplesTest {

    /** Whatever declares attributes. */
    static Stream<Class<?>> tables() throws Exception {
        var classes = Path.of(UsersTable.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (var files = Files.list(classes.resolve("usersapi/table"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> name.matches("\\w+\\.class"))
                    .map(name -> "usersapi.table." + name.replace(".class", "")).sorted()
                    .<Class<?>>map(SamplesTest::load)
                    .filter(type -> type != Attribute.class && !attributes(type).isEmpty()).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("tables")
    void eachAttributeOfATableHasASample(Class<?> table) throws Exception {
        Set<String> sampled = new HashSet<>();
        for (var sample : CoreModule.samples()) {
            if (sample instanceof Sample.Item(var of, var variants) && of == table) {
                variants.forEach(variant -> sampled.addAll(variant.members().keySet()));
            }
        }

        assertThat(sampled).as("attributes in the sample of %s", table.getSimpleName()).containsAll(attributes(table));
    }

    /** The names of the attributes that the class declares. */
    private static Set<String> attributes(Class<?> table) {
        return Arrays.stream(table.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()) && field.getType() == Attribute.class)
                .map(field -> {
                    try {
                        return ((Attribute<?>) field.get(null)).name();
                    } catch (IllegalAccessException e) {
                        throw new IllegalStateException(e);
                    }
                }).collect(Collectors.toSet());
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
