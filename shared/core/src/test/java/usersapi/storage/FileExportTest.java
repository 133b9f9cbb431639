package usersapi.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.CoreFixture;
import usersapi.json.JsonObject;
import usersapi.testing.LocalTables;

class FileExportTest {

    @RegisterExtension
    static final LocalTables TABLES = new LocalTables();

    private static final int PLENTY = 4_000_000;

    private final StorageFixture storage = new StorageFixture(TABLES);
    private final FileExport export = new FileExport(CoreFixture.client(TABLES), CoreFixture.files(TABLES));

    @Test
    void keepsEachTypeOfAttribute() {
        var bytes = SdkBytes.fromUtf8String("p");
        storage.putRaw(new FileKey("typed", "f"), Map.of("text", AttributeValue.fromS("ü"),
                "number", AttributeValue.fromN("1.5"), "truth", AttributeValue.fromBool(true),
                "bytes", AttributeValue.fromB(bytes), "nothing", AttributeValue.fromNul(true),
                "map", AttributeValue.fromM(Map.of("in", AttributeValue.fromS("it"))),
                "list", AttributeValue.fromL(List.of(AttributeValue.fromN("7"))),
                "sets", AttributeValue.fromL(List.of(AttributeValue.fromSs(List.of("s")),
                        AttributeValue.fromNs(List.of("8")), AttributeValue.fromBs(List.of(bytes))))));

        var file = read("typed", Optional.empty(), PLENTY).files().getFirst();

        assertThat(file.members()).containsEntry("external_id", "typed").containsEntry("file_id", "f")
                .containsEntry("text", "ü").containsEntry("number", new BigDecimal("1.5")).containsEntry("truth", true)
                .containsEntry("bytes", "cA==").containsEntry("nothing", null)
                .containsEntry("list", List.of(new BigDecimal("7")))
                .containsEntry("sets", List.of(List.of("s"), List.of(new BigDecimal("8")), List.of("cA==")));
        assertThat(file.object("map").toJson()).isEqualTo("{\"in\":\"it\"}");
    }

    @Test
    void readsAsManyFilesAsFitAndGoesOnAfterThem() {
        for (var id : List.of("a", "b", "c")) {
            storage.put(new FileKey("sized", id), FileRecord.Status.AVAILABLE, 1);
        }
        int two = read("sized", Optional.empty(), PLENTY).files().stream().limit(2).mapToInt(FileExportTest::size)
                .sum();

        var first = read("sized", Optional.empty(), two);
        var second = read("sized", first.next(), two);

        assertThat(ids(first)).containsExactly("a", "b");
        assertThat(ids(second)).containsExactly("c");
        assertThat(second.next()).isEmpty();
        assertThat(ids(read("sized", Optional.empty(), two - 1))).containsExactly("a");
        assertThat(ids(read("sized", Optional.of("a"), 0))).as("at least one").containsExactly("b");
    }

    @Test
    void readsOnePageWhereNoTimeIsLeftAndGoesOnAfterIt() {
        var large = Map.of("note", AttributeValue.fromS("x".repeat(350_000))); // a page has at most 1 MB
        for (int i = 0; i < 4; i++) {
            storage.putRaw(new FileKey("paged", "f" + i), large);
        }

        var first = export.read("paged", Optional.empty(), PLENTY, () -> false);
        var second = export.read("paged", first.next(), PLENTY, () -> false);

        var all = new ArrayList<>(ids(first));
        all.addAll(ids(second));
        assertThat(first.files()).hasSizeBetween(1, 3);
        assertThat(all).containsExactly("f0", "f1", "f2", "f3");
        assertThat(ids(read("paged", Optional.empty(), PLENTY))).isEqualTo(all);
    }

    private FileExport.Page read(String userId, Optional<String> from, int maxBytes) {
        return export.read(userId, from, maxBytes, () -> true);
    }

    private static List<String> ids(FileExport.Page page) {
        return page.files().stream().map(file -> file.string("file_id").orElseThrow()).toList();
    }

    private static int size(JsonObject file) {
        return file.toJson().getBytes(StandardCharsets.UTF_8).length;
    }
}
