package usersapi.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import usersapi.standin.LocalAws;
import usersapi.standin.UnsupportedTemplateException;
import usersapi.testing.Exchange;

/** A site next to fixture.yaml. */
class SiteFilesTest {

    private static final LocalAws AWS = LocalAws.forTests();

    @TempDir
    private Path project;
    private Path template;

    @BeforeEach
    void makeASite() throws IOException, URISyntaxException {
        template = Files.copy(Path.of(SiteFilesTest.class.getResource("/fixture.yaml").toURI()),
                project.resolve("template.yaml"));
        write("index.html");
    }

    @AfterAll
    static void stop() {
        AWS.close();
    }

    private void write(String name) throws IOException {
        var file = project.resolve("functions/site").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, name);
    }

    @ParameterizedTest
    @CsvSource({"api/index.html, functions/site: the path /api/index.html belongs to the API",
            "items/a.html, functions/site: the path /items/a.html belongs to the API",
            "notes.docx, functions/site: no content type is known for notes.docx"})
    void isRefusedWithAFileThatCannotBeServed(String name, String message) throws IOException {
        write(name);

        assertThatThrownBy(() -> LocalGateway.start(template, AWS, id -> id, 0).close())
                .isInstanceOf(UnsupportedTemplateException.class).hasMessage(message);
    }

    @Test
    void leavesTheApisRoutesAlone() throws IOException {
        write("more/page.html");

        try (var gateway = LocalGateway.start(template, AWS, id -> id, 0)) {
            assertThat(Exchange.of(gateway.uri(), "GET", "/more/page.html").send().text()).isEqualTo("more/page.html");
            assertThat(Exchange.of(gateway.uri(), "GET", "/more/").send().text()).isEqualTo("index.html");
            assertThat(Exchange.of(gateway.uri(), "DELETE", "/echo").send().status()).isEqualTo(404);
            assertThat(Exchange.of(gateway.uri(), "GET", "/echo").send().json().path("resource").asText())
                    .isEqualTo("/echo");
        }
    }
}
