package usersapi.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A reader of all tables finds no credential. */
class TableLeakTest {

    /** It has letters of both cases, and {@code -} and {@code _} of base64url. */
    private static final String PLANTED = "NhqPaZgfmRLxcBvYSd0123456789_-abcdefghijkl8";

    @Test
    void afterABusyRunTheTablesHoldNoCredentialInAnyForm() throws Exception {
        // Started here, because the class's initialization would block the few carriers of virtual threads and wait for one
        // itself.
        assertThat(RunningApi.uri()).isNotNull();
        var detector = new CredentialDetector();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var runs = IntStream.range(0, 6)
                    .mapToObj(i -> threads.submit(() -> busy("leak%d@example.com".formatted(i))))
                    .toList();
            for (var run : runs) {
                run.get().forEach(credential -> detector.watch("a credential", credential));
            }
        }

        var items = RunningApi.items();
        assertThat(RunningApi.items("Credentials")).anyMatch(item -> item.get("lookup").s().startsWith("token#"))
                .anyMatch(item -> item.get("lookup").s().startsWith("session#"));
        assertThat(items).allSatisfy(item -> assertThat(leak(detector, item)).isEmpty());
    }

    /** Every credential that the user ever had. */
    private static List<String> busy(String email) {
        var credentials = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            var user = SignedIn.as(email);
            credentials.addAll(List.of(user.session(), user.csrf(), user.accessToken(), user.regenerated()));
            user.changing("PATCH", "/api/users/settings/").body("{\"tz\": \"Europe/Zurich\"}").send();
            user.request("PUT", "/local/files/f" + i).body("{\"size\": 5, \"status\": \"AVAILABLE\"}").send();
            user.changing("POST", "/api/users/stripe/checkout/").body("{\"plan\": \"pro\"}").send();
            if (i == 1) {
                user.request("POST", "/local/sign-out").send();
            }
        }
        assertThat(credentials).hasSize(12).allMatch(credential -> credential.length() == 43);
        return credentials;
    }

    static Stream<AttributeValue> planted() {
        var characters = PLANTED.getBytes(StandardCharsets.US_ASCII);
        var bytes = Base64.getUrlDecoder().decode(PLANTED);
        return Stream.of(AttributeValue.fromS("x" + PLANTED + "y"), AttributeValue.fromSs(List.of("a", PLANTED)),
                AttributeValue.fromL(List.of(AttributeValue.fromM(Map.of("a", AttributeValue.fromS(PLANTED))))),
                AttributeValue.fromM(Map.of(PLANTED, AttributeValue.fromS("a"))),
                AttributeValue.fromS(HexFormat.of().formatHex(bytes)),
                AttributeValue.fromS(HexFormat.of().withUpperCase().formatHex(characters)),
                AttributeValue.fromS(Base64.getEncoder().encodeToString(bytes)),
                AttributeValue.fromS(Base64.getEncoder().encodeToString(characters)),
                AttributeValue.fromS(Base64.getUrlEncoder().encodeToString(("x" + PLANTED + "yz").getBytes(
                        StandardCharsets.US_ASCII))),
                AttributeValue.fromS(Base64.getMimeEncoder().encodeToString(("xx" + PLANTED).getBytes(
                        StandardCharsets.US_ASCII))),
                AttributeValue.fromB(SdkBytes.fromByteArray(bytes)),
                AttributeValue.fromB(SdkBytes.fromByteArray(characters)),
                AttributeValue.fromBs(List.of(SdkBytes.fromByteArray(bytes))));
    }

    @ParameterizedTest
    @MethodSource("planted")
    void aCredentialInTheTableWouldBeFound(AttributeValue planted) {
        var detector = new CredentialDetector();
        detector.watch("the planted one", PLANTED);
        var key = AttributeValue.fromS("PLANTED");

        assertThat(leak(detector, Map.of("lookup", key, "credential", key))).isEmpty();
        assertThat(leak(detector, Map.of("lookup", key, "credential", key, "a", planted))).isPresent();
    }

    @ParameterizedTest
    @MethodSource("planted")
    void noOtherCredentialIsTakenForIt(AttributeValue planted) {
        var detector = new CredentialDetector();
        detector.watch("another one", PLANTED.replace("NhqP", "ABCD"));

        assertThat(leak(detector, Map.of("a", planted))).isEmpty();
    }

    private static Optional<String> leak(CredentialDetector detector, Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .flatMap(entry -> Stream.concat(detector.find(entry.getKey()).stream(),
                        leaks(detector, entry.getValue())))
                .findFirst();
    }

    private static Stream<String> leaks(CredentialDetector detector, AttributeValue value) {
        return switch (value.type()) {
            case S -> detector.find(value.s()).stream();
            case N -> detector.find(value.n()).stream();
            case B -> detector.find(value.b().asByteArray()).stream();
            case SS -> value.ss().stream().flatMap(text -> detector.find(text).stream());
            case NS -> value.ns().stream().flatMap(number -> detector.find(number).stream());
            case BS -> value.bs().stream().flatMap(bytes -> detector.find(bytes.asByteArray()).stream());
            case L -> value.l().stream().flatMap(element -> leaks(detector, element));
            case M -> leak(detector, value.m()).stream();
            case BOOL, NUL -> Stream.empty();
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalStateException("an attribute of an unknown type");
        };
    }
}
