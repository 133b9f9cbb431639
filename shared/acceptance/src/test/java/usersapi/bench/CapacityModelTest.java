package usersapi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import usersapi.standin.Template;

/** Each table of docs/scale.md equals the one of {@link CapacityModel}; if one differs, copy the new one there. */
class CapacityModelTest {

    static List<String> tables() {
        return new CapacityModel().tables();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void isDocumented(String table) throws IOException {
        assertThat(Files.readString(Template.projectDirectory().resolve("docs/scale.md"))).contains(table);
    }
}
