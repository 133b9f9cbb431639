package usersapi.session;

import static usersapi.table.CredentialsTable.CREATED;
import static usersapi.table.CredentialsTable.CREDENTIAL;
import static usersapi.table.CredentialsTable.EXPIRES;
import static usersapi.table.CredentialsTable.LOOKUP;

import java.time.Instant;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.RecordSchema;

/**
 * An entry in the list of a user's sessions. The session may be closed while its entry still exists.
 *
 * @param created when the session was opened
 * @param expires when the session expires
 */
record SessionEntry(ItemKey key, Instant created, Long expires) {

    static final RecordSchema<SessionEntry> SCHEMA = RecordSchema
            .of(item -> new SessionEntry(new ItemKey(item.get(LOOKUP), item.get(CREDENTIAL)),
                    item.get(CREATED), item.get(EXPIRES)))
            .key(LOOKUP, item -> item.key().lookup()).key(CREDENTIAL, item -> item.key().credential())
            .with(CREATED, SessionEntry::created).with(EXPIRES, SessionEntry::expires);
}
