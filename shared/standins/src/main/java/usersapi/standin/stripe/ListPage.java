package usersapi.standin.stripe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * A page of a list: the newest first, ten unless {@code limit} says otherwise, and after {@code starting_after} the older
 * ones.
 *
 * @see <a href="https://docs.stripe.com/api/pagination">Pagination</a>
 */
final class ListPage {

    private static final long DEFAULT = 10;
    private static final long MAX = 100;

    private ListPage() {}

    static ObjectNode of(String url, Kind kind, List<ObjectNode> newestFirst, Parameters parameters) throws Refusal {
        var limit = parameters.integer("limit", 1, MAX).orElse(DEFAULT);
        var rest = newestFirst;
        var after = parameters.optional("starting_after");
        if (after.isPresent()) {
            var ids = newestFirst.stream().map(object -> object.path("id").asText()).toList();
            int index = ids.indexOf(after.get());
            if (index < 0) {
                throw Refusal.noSuch(kind, after.get(), "starting_after");
            }
            rest = newestFirst.subList(index + 1, newestFirst.size());
        }
        var page = StripeObjects.json().put("object", "list").put("url", url).put("has_more", rest.size() > limit);
        rest.stream().limit(limit).forEach(page.putArray("data")::add);
        return page;
    }
}
