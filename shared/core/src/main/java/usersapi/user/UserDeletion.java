package usersapi.user;

import static usersapi.table.UsersTable.EMAIL;
import static usersapi.table.UsersTable.ID;
import static usersapi.table.UsersTable.SUBJECT;
import static usersapi.table.UsersTable.TOKEN_HASH;

import jakarta.inject.Inject;
import java.util.Optional;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbEnhancedClient;
import software.amazon.awssdk.enhanced.dynamodb.DynamoDbTable;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactDeleteItemEnhancedRequest;
import software.amazon.awssdk.enhanced.dynamodb.model.TransactWriteItemsEnhancedRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import usersapi.table.Attribute;
import usersapi.table.Conditions;
import usersapi.table.CredentialsTable;
import usersapi.table.RecordSchema;
import usersapi.table.Retries;
import usersapi.table.Transactions;
import usersapi.table.UsersTable;
import usersapi.token.TokenOwner;

/** Deletes users. */
public final class UserDeletion {

    private final DynamoDbEnhancedClient dynamoDb;
    private final DynamoDbTable<Profile> profiles;
    private final DynamoDbTable<Claim> claims;
    private final DynamoDbTable<TokenOwner> tokens;

    @Inject
    UserDeletion(DynamoDbEnhancedClient dynamoDb, UsersTable users, CredentialsTable credentials) {
        this.dynamoDb = dynamoDb;
        this.profiles = dynamoDb.table(users.name(), Profile.SCHEMA);
        this.claims = dynamoDb.table(users.name(), Claim.SCHEMA);
        this.tokens = dynamoDb.table(credentials.name(), TokenOwner.SCHEMA);
    }

    /**
     * Deletes the user with the claims to address and subject and the access token, all or none, whatever token is the user's by
     * then. From now on no session opens for the user; those that are open are not this class's.
     *
     * @return false if there is no such user
     */
    public boolean delete(String userId) {
        var key = UsersTable.key(UsersTable.profile(userId));
        var retries = Retries.ofInvocation();
        while (true) {
            var profile = profiles.getItem(get -> get.key(key).consistentRead(true));
            if (profile == null) {
                return false;
            }
            if (isDeleted(profile)) {
                return true;
            }
            retries.backOff(null);
        }
    }

    /** False if the user's token, address or subject was replaced meanwhile. */
    private boolean isDeleted(Profile profile) {
        var hash = Optional.ofNullable(profile.tokenHash);
        var subject = Optional.ofNullable(profile.subject);
        if (!(EmailAddress.parse(profile.email) instanceof EmailAddress.Parsed.Valid(var email))) {
            throw new IllegalStateException("the profile holds no e-mail address");
        }
        var isAsRead = Conditions.isStill(ID, TOKEN_HASH, hash.map(AttributeValue::fromS))
                .and(Conditions.isStill(ID, EMAIL, Optional.of(AttributeValue.fromS(profile.email))))
                .and(Conditions.isStill(ID, SUBJECT, subject.map(AttributeValue::fromS)));
        var transaction = TransactWriteItemsEnhancedRequest.builder()
                .addDeleteItem(profiles,
                        TransactDeleteItemEnhancedRequest.builder()
                                .key(UsersTable.key(UsersTable.profile(profile.userId))).conditionExpression(isAsRead)
                                .build())
                .addDeleteItem(claims, Claim.deletion(UsersTable.emailClaim(email.canonical()), profile.userId));
        subject.ifPresent(id -> transaction.addDeleteItem(claims, Claim.deletion(id, profile.userId)));
        hash.ifPresent(
                sha256 -> transaction.addDeleteItem(tokens, CredentialsTable.accessToken(sha256).toKey()));
        return Transactions.write(dynamoDb, transaction.build());
    }

    /** What of a profile leads to the user's other items. */
    private record Profile(String userId, String email, String subject, String tokenHash) {

        static final TableSchema<Profile> SCHEMA = RecordSchema
                .of(Profile.class,
                        item -> new Profile(item.get(Attribute.EXTERNAL_ID), item.get(EMAIL), item.get(SUBJECT),
                                item.get(TOKEN_HASH)))
                .partitionKey(ID, profile -> UsersTable.profile(profile.userId))
                .with(Attribute.EXTERNAL_ID, Profile::userId).with(EMAIL, Profile::email)
                .with(SUBJECT, Profile::subject).with(TOKEN_HASH, Profile::tokenHash).build();

        @Override
        public String toString() {
            return "Profile[" + userId + "]";
        }
    }
}
