package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import usersapi.standin.PrivateFiles;

/**
 * All objects of an account, as JSON. They are kept in memory and, if there is a file, written to it after each change. A
 * member {@code internal} of an object belongs to this stand-in and is never sent.
 */
final class StripeObjects {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String LAST_CREATED = "last_created";

    private final Clock clock;
    private final boolean live;
    private final Optional<Path> file;
    private final ObjectNode root;

    StripeObjects(Clock clock, boolean live, Optional<Path> file) {
        this.clock = clock;
        this.live = live;
        this.file = file;
        root = file.filter(Files::exists).map(StripeObjects::read).orElseGet(JSON::createObjectNode);
    }

    static ObjectNode json() {
        return JSON.createObjectNode();
    }

    /** The account's time, in epoch seconds. */
    long now() {
        return clock.instant().getEpochSecond();
    }

    /** Whether this is the live mode's account. */
    boolean isLive() {
        return live;
    }

    /** Makes an object without keeping it. */
    ObjectNode make(Kind kind) {
        // Random, as at Stripe; the order of ids has no meaning.
        return make(kind, kind.prefix(live) + "_" + UUID.randomUUID().toString().replace("-", ""));
    }

    private ObjectNode make(Kind kind, String id) {
        // Each object gets another second, so that «the newest» is unique also when a test's clock does not move.
        var created = Math.max(now(), root.path(LAST_CREATED).asLong() + 1);
        root.put(LAST_CREATED, created);
        return json().put("id", id).put("object", kind.type()).put("created", created).put("livemode", live);
    }

    /** Makes an object and keeps it. */
    ObjectNode add(Kind kind) {
        var object = make(kind);
        section(kind).set(object.path("id").asText(), object);
        return object;
    }

    /** Makes an object of this id and keeps it, unless there is one. */
    void addIfAbsent(Kind kind, String id, ObjectNode members) {
        if (!section(kind).has(id)) {
            section(kind).set(id, make(kind, id).setAll(members));
        }
    }

    Optional<ObjectNode> find(Kind kind, String id) {
        return Optional.ofNullable((ObjectNode) section(kind).get(id));
    }

    /** The object of this id, which a request named in its path. */
    ObjectNode require(Kind kind, String id) throws Refusal {
        return find(kind, id).orElseThrow(() -> Refusal.notFound(kind, id));
    }

    /** All objects of this kind, the newest first. */
    List<ObjectNode> all(Kind kind) {
        return section(kind).valueStream().map(ObjectNode.class::cast).toList().reversed();
    }

    void remove(Kind kind, String id) {
        section(kind).remove(id);
    }

    /** A part of the state apart from the objects. */
    ObjectNode section(String name) {
        return root.withObjectProperty(name);
    }

    private ObjectNode section(Kind kind) {
        return section(kind.type());
    }

    /** The object as Stripe sends it. */
    static ObjectNode shown(ObjectNode object) {
        var copy = object.deepCopy();
        copy.remove("internal");
        return copy;
    }

    /** The stand-in's own data of an object. */
    static ObjectNode internal(ObjectNode object) {
        return object.withObjectProperty("internal");
    }

    /** Writes the file, readable by its owner only: it contains addresses, and links to pages that need no sign-in. */
    void save() {
        if (file.isEmpty()) {
            return;
        }
        try {
            Files.createDirectories(file.get().toAbsolutePath().getParent());
            PrivateFiles.write(file.get(), root.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ObjectNode read(Path file) {
        try {
            JsonNode content = JSON.readTree(file.toFile());
            if (content instanceof ObjectNode object) {
                return object;
            }
            throw new IllegalStateException(file + " is not a JSON object; delete it to start again");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
