package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The account's customers. A deleted one can still be retrieved, and nothing else can be done with it.
 *
 * @see <a href="https://docs.stripe.com/api/customers">Customers</a>
 */
final class Customers {

    /** An object is searchable «in under 1 minute» (docs.stripe.com/search#data-freshness). */
    private static final long SEARCH_LAG_SECONDS = 60;

    private static final Pattern KNOWN = Pattern.compile("email|name|description|metadata\\[[^]]+]");
    private static final Pattern LISTED_BY = Pattern.compile("email|limit|starting_after");
    private static final Pattern SEARCHED_BY = Pattern.compile("query|limit");
    private static final Pattern CLAUSE = Pattern
            .compile("(?:metadata\\[(['\"])(?<key>[^'\"]+)\\1]|(?<field>email|name)):(['\"])(?<value>[^'\"]*)\\4");

    private final StripeObjects objects;
    private final Set<String> refusedAddresses = new HashSet<>();

    Customers(StripeObjects objects) {
        this.objects = objects;
    }

    /** Refuses this address from now on. */
    void refuseAddress(String email) {
        refusedAddresses.add(email);
    }

    /** {@code POST /v1/customers}. */
    ObjectNode create(Map<String, String> given) throws Refusal {
        var parameters = Parameters.of(given, KNOWN);
        requireAddress(parameters, "email");
        parameters.metadata("metadata");
        return StripeObjects.shown(change(add(), parameters));
    }

    /** A customer without an address. */
    ObjectNode add() {
        var customer = objects.add(Kind.CUSTOMER).putNull("email").putNull("name").putNull("description");
        customer.putObject("metadata");
        return customer;
    }

    /** {@code POST /v1/customers/:id}. */
    ObjectNode update(String id, Map<String, String> given) throws Refusal {
        var parameters = Parameters.of(given, KNOWN);
        var customer = objects.require(Kind.CUSTOMER, id);
        if (isDeleted(customer)) {
            throw Refusal.notFound(Kind.CUSTOMER, id);
        }
        requireAddress(parameters, "email");
        return StripeObjects.shown(change(customer, parameters));
    }

    private ObjectNode change(ObjectNode customer, Parameters parameters) throws Refusal {
        for (var name : List.of("email", "name", "description")) {
            if (parameters.has(name)) {
                customer.put(name, parameters.optional(name).orElse(null));
            }
        }
        parameters.metadata("metadata").forEach(((ObjectNode) customer.path("metadata"))::put);
        StripeObjects.internal(customer).put("changed", objects.now());
        return customer;
    }

    /** {@code GET /v1/customers/:id}; of a deleted one only that it is deleted. */
    ObjectNode retrieve(String id) throws Refusal {
        var customer = objects.require(Kind.CUSTOMER, id);
        return isDeleted(customer)
                ? StripeObjects.json().put("id", id).put("object", "customer").put("deleted", true)
                : StripeObjects.shown(customer);
    }

    /** {@code DELETE /v1/customers/:id}. */
    ObjectNode delete(String id) throws Refusal {
        var customer = objects.require(Kind.CUSTOMER, id);
        if (isDeleted(customer)) {
            throw Refusal.notFound(Kind.CUSTOMER, id);
        }
        StripeObjects.internal(customer).put("deleted", true);
        return retrieve(id);
    }

    /** {@code GET /v1/customers}: by the exact address, and without delay. */
    ObjectNode list(Map<String, String> given) throws Refusal {
        var parameters = Parameters.of(given, LISTED_BY);
        var email = parameters.optional("email");
        return ListPage.of("/v1/customers", Kind.CUSTOMER,
                present().filter(
                        customer -> email.isEmpty() || customer.path("email").asText().equals(email.get()))
                        .map(StripeObjects::shown).toList(),
                parameters);
    }

    /** {@code GET /v1/customers/search}: it does not know the changes of the last minute. */
    ObjectNode search(Map<String, String> given) throws Refusal {
        var parameters = Parameters.of(given, SEARCHED_BY);
        var clause = CLAUSE.matcher(parameters.required("query"));
        if (!clause.matches()) {
            throw Refusal.malformed(null, "query", "This stand-in understands one clause: metadata['key']:'value'");
        }
        var found = ListPage.of("/v1/customers/search", Kind.CUSTOMER, present()
                .filter(customer -> StripeObjects.internal(customer).path("changed").asLong()
                        + SEARCH_LAG_SECONDS <= objects.now())
                .filter(customer -> (clause.group("key") != null
                        ? customer.path("metadata").path(clause.group("key"))
                        : customer.path(clause.group("field"))).asText().equals(clause.group("value")))
                .map(StripeObjects::shown).toList(), parameters);
        return found.put("object", "search_result").putNull("next_page");
    }

    /** The customer that a parameter of a request names; a deleted one is refused. */
    ObjectNode named(String id, String parameter) throws Refusal {
        return find(id).orElseThrow(() -> Refusal.noSuch(Kind.CUSTOMER, id, parameter));
    }

    /** The customer, if it is not deleted. */
    Optional<ObjectNode> find(String id) {
        return objects.find(Kind.CUSTOMER, id).filter(customer -> !isDeleted(customer));
    }

    /** Refuses a parameter that Stripe would not accept as an address. */
    void requireAddress(Parameters parameters, String name) throws Refusal {
        var email = parameters.optional(name);
        if (email.isPresent() && (!email.get().matches("[\\x21-\\x7e&&[^@]]+@[^@\\s]+\\.[^@\\s]+")
                || refusedAddresses.contains(email.get()))) {
            throw Refusal.refused("email_invalid", name, "Invalid email address: " + email.get());
        }
    }

    private Stream<ObjectNode> present() {
        return objects.all(Kind.CUSTOMER).stream().filter(customer -> !isDeleted(customer));
    }

    private static boolean isDeleted(ObjectNode customer) {
        return customer.path("internal").path("deleted").asBoolean();
    }
}
