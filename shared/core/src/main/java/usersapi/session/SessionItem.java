package usersapi.session;

import static usersapi.table.CredentialsTable.CREDENTIAL;
import static usersapi.table.CredentialsTable.CSRF_HASH;
import static usersapi.table.CredentialsTable.EXPIRES;
import static usersapi.table.CredentialsTable.LAST_SEEN;
import static usersapi.table.CredentialsTable.LOOKUP;

import usersapi.table.Attribute;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.RecordSchema;

/**
 * A session's item. The session is open while the item exists.
 *
 * @param lastSeen when it was last used, in epoch seconds; up to an hour behind
 * @param expires when its lifetime ends, in epoch seconds, as DynamoDB's time to live requires
 */
record SessionItem(ItemKey key, String userId, String csrfHash, Long lastSeen, Long expires) {

    static final RecordSchema<SessionItem> SCHEMA = RecordSchema
            .of(item -> new SessionItem(new ItemKey(item.get(LOOKUP), item.get(CREDENTIAL)),
                    item.get(Attribute.EXTERNAL_ID), item.get(CSRF_HASH), item.get(LAST_SEEN),
                    item.get(EXPIRES)))
            .key(LOOKUP, item -> item.key().lookup()).key(CREDENTIAL, item -> item.key().credential())
            .with(Attribute.EXTERNAL_ID, SessionItem::userId).with(CSRF_HASH, SessionItem::csrfHash)
            .with(LAST_SEEN, SessionItem::lastSeen).with(EXPIRES, SessionItem::expires);
}
