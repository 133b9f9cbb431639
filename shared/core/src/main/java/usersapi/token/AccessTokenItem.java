package usersapi.token;

import static usersapi.table.CredentialsTable.CREATED;
import static usersapi.table.CredentialsTable.CREDENTIAL;
import static usersapi.table.CredentialsTable.EXPIRES;
import static usersapi.table.CredentialsTable.LABEL;
import static usersapi.table.CredentialsTable.LAST_USED;
import static usersapi.table.CredentialsTable.LOOKUP;
import static usersapi.table.CredentialsTable.READ_ONLY;
import static usersapi.table.CredentialsTable.SLOT;

import java.time.Instant;
import java.util.Optional;
import usersapi.table.Attribute;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.RecordSchema;

/**
 * The item of an access token of either kind; that of a default token has only the attributes of {@link TokenOwner}. The
 * token is valid while the item exists, until it expires.
 *
 * @param label the user's label of a named token; null for the default token
 * @param created when a named token was made
 * @param expires when it ends, in epoch seconds; null if it has no end
 * @param readOnly whether a named token is limited to reading
 * @param lastUsed when a named token was last used, in epoch seconds; null if it never was
 * @param slot the slot of a named token
 */
record AccessTokenItem(ItemKey key, String userId, String label, Instant created, Long expires, Boolean readOnly,
        Long lastUsed, String slot) {

    static final RecordSchema<AccessTokenItem> SCHEMA = RecordSchema
            .of(item -> new AccessTokenItem(new ItemKey(item.get(LOOKUP), item.get(CREDENTIAL)),
                    item.get(Attribute.EXTERNAL_ID), item.get(LABEL), item.get(CREATED), item.get(EXPIRES),
                    item.get(READ_ONLY), item.get(LAST_USED), item.get(SLOT)))
            .key(LOOKUP, item -> item.key().lookup()).key(CREDENTIAL, item -> item.key().credential())
            .with(Attribute.EXTERNAL_ID, AccessTokenItem::userId).with(LABEL, AccessTokenItem::label)
            .with(CREATED, AccessTokenItem::created).with(EXPIRES, AccessTokenItem::expires)
            .with(READ_ONLY, AccessTokenItem::readOnly).with(LAST_USED, AccessTokenItem::lastUsed)
            .with(SLOT, AccessTokenItem::slot);

    /** Whether the token is valid at this time, in epoch seconds. */
    boolean isValid(long now) {
        return expires == null || expires > now;
    }

    boolean isNamed() {
        return label != null;
    }

    AccessToken toAccessToken() {
        return new AccessToken(userId, isNamed()
                ? Optional.of(new AccessToken.Named(key.sha256(), Boolean.TRUE.equals(readOnly),
                        Optional.ofNullable(lastUsed), Optional.ofNullable(expires)))
                : Optional.empty());
    }

    /** Without the label, which is the user's text. */
    @Override
    public String toString() {
        return "AccessTokenItem[" + userId + "]";
    }
}
