package usersapi.storage;

import usersapi.json.JsonObject;

/**
 * The position of a recount: after this item of this table.
 *
 * @param table the item's table
 * @param userId the item's partition key; empty before the table's first item
 * @param sortKey the item's sort key
 */
public record RecountPosition(Source table, String userId, String sortKey) {

    /** The tables that a recount goes through, in this order. */
    enum Source {
        FILES, STORAGE_TOTALS
    }

    static RecountPosition startOf(Source table) {
        return new RecountPosition(table, "", "");
    }

    boolean isStart() {
        return userId.isEmpty();
    }

    /** The position as text, to continue a recount later. */
    public String toText() {
        return new JsonObject().put("table", table.name()).put("user", userId).put("key", sortKey).toJson();
    }

    /** Parses the text of {@link #toText}. */
    public static RecountPosition parse(String text) {
        if (!(JsonObject.parse(text) instanceof JsonObject.Parsed.Valid(var position))) {
            throw new IllegalArgumentException("not a position");
        }
        return new RecountPosition(Source.valueOf(position.string("table").orElseThrow()),
                position.string("user").orElseThrow(), position.string("key").orElseThrow());
    }
}
