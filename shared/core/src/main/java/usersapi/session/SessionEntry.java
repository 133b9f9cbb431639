package usersapi.session;

import static usersapi.table.CredentialsTable.CREDENTIAL;
import static usersapi.table.CredentialsTable.EXPIRES;
import static usersapi.table.CredentialsTable.LOOKUP;

import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import usersapi.table.CredentialsTable.ItemKey;
import usersapi.table.RecordSchema;

/**
 * Lists a session among its user's. It decides nothing: a session may be closed whose entry is still there.
 *
 * @param expires when the session does
 */
record SessionEntry(ItemKey key, Long expires) {

    static final TableSchema<SessionEntry> SCHEMA = RecordSchema
            .of(SessionEntry.class,
                    item -> new SessionEntry(new ItemKey(item.get(LOOKUP), item.get(CREDENTIAL)), item.get(EXPIRES)))
            .partitionKey(LOOKUP, item -> item.key().lookup()).sortKey(CREDENTIAL, item -> item.key().credential())
            .with(EXPIRES, SessionEntry::expires).build();
}
