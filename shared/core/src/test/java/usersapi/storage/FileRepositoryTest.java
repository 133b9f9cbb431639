package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static usersapi.storage.FileRecord.Status.AVAILABLE;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.testing.LocalTables;

class FileRepositoryTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private final StorageFixture storage = new StorageFixture(TABLES);
    private final FileRepository files = storage.files();

    @Test
    void writesTheRecordThatTheContractDescribes() {
        storage.put(new FileKey("writes", "a"), AVAILABLE, 5);

        assertThat(TABLES.item("Files", "writes", "a").orElseThrow()).isEqualTo(Map.of("external_id",
                AttributeValue.fromS("writes"), "file_id", AttributeValue.fromS("a"), "status",
                AttributeValue.fromS("AVAILABLE"), "size", AttributeValue.fromN("5")));
    }

    @Test
    void countsAllFilesAndNamesTheFirst() {
        for (var id : List.of("c", "a", "b")) {
            storage.put(new FileKey("counted", id), AVAILABLE, 1);
        }
        storage.put(new FileKey("other", "d"), AVAILABLE, 1);

        assertThat(files.find("counted", Optional.empty(), 2, () -> false))
                .isEqualTo(new FileRepository.Found(3, List.of("a", "b"), Optional.empty()));
        assertThat(files.find("counted", Optional.of("a"), 2, () -> false))
                .isEqualTo(new FileRepository.Found(2, List.of("b", "c"), Optional.empty()));
    }

    @Test
    void stopsAfterAPageIfNoTimeIsLeftAndGoesOnAfterItsLastFile() {
        var large = Map.of("note", AttributeValue.fromS("x".repeat(350_000))); // a page has at most 1 MB
        for (int i = 0; i < 4; i++) {
            storage.putRaw(new FileKey("paged", "f" + i), large);
        }

        var first = files.find("paged", Optional.empty(), 1, () -> false);
        var second = files.find("paged", first.next(), 1, () -> false);

        assertThat(first.firstIds()).containsExactly("f0");
        assertThat(first.next()).contains("f" + (first.count() - 1));
        assertThat(second).isEqualTo(
                new FileRepository.Found(4 - first.count(), List.of("f" + first.count()), Optional.empty()));
        assertThat(files.find("paged", Optional.empty(), 3, () -> true))
                .isEqualTo(new FileRepository.Found(4, List.of("f0", "f1", "f2"), Optional.empty()));
    }

    @Test
    void knowsWhetherThereIsAnyFile() {
        var file = new FileKey("any", "a");
        storage.put(file, AVAILABLE, 1);
        assertThat(files.hasAny("any")).isTrue();

        files.delete(file);

        assertThat(files.hasAny("any")).isFalse();
    }
}
