/** DynamoDB: the tables with their keys and attributes, conditions, batches, transactions, retries. */
package usersapi.table;
