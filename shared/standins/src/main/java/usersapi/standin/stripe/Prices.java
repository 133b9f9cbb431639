package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * The account's prices. Each is monthly and has its own product.
 *
 * @see <a href="https://docs.stripe.com/api/prices/object">The Price object</a>
 */
final class Prices {

    private final StripeObjects objects;

    Prices(StripeObjects objects, Set<String> ids) {
        this.objects = objects;
        ids.forEach(this::add);
    }

    /** Adds a price that is sold, unless there is one of this id. */
    void add(String id) {
        var members = StripeObjects.json().put("active", true).put("currency", "usd").put("type", "recurring")
                .put("unit_amount", 1000).put("product", id.replaceFirst("^price", "prod"));
        members.putObject("recurring").put("interval", "month").put("interval_count", 1);
        objects.addIfAbsent(Kind.PRICE, id, members);
    }

    /** Archives a price: it is no longer sold, and subscriptions keep it. */
    void archive(String id) {
        add(id);
        objects.find(Kind.PRICE, id).orElseThrow().put("active", false);
    }

    /** The price, also if it is archived; a missing one is created, as for subscriptions from the dashboard. */
    ObjectNode any(String id) {
        add(id);
        return objects.find(Kind.PRICE, id).orElseThrow();
    }

    /** The price that a request wants to sell. */
    ObjectNode sold(String id, String parameter) throws Refusal {
        var price = objects.find(Kind.PRICE, id).orElseThrow(() -> Refusal.noSuch(Kind.PRICE, id, parameter));
        if (!price.path("active").asBoolean()) {
            throw Refusal.refused(null, parameter,
                    "The price specified is inactive. This field only accepts active prices.");
        }
        return price;
    }
}
